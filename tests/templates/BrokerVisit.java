import clustercacheclear.activemq.BoundedConnectionFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import javax.jms.Connection;
import javax.jms.Destination;
import javax.jms.JMSException;
import javax.jms.Session;

/**
 * Visits a broker as a node does. Standard input: the URL, then one visit a line, `user password kind name` (`-` for none). Prints `user kind name: received | refused …`.
 */
public class BrokerVisit {
    private static final int LIMIT_MS = 5000;
    private static final int ATTEMPTS = 5;

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        var factory = new BoundedConnectionFactory(lines.readLine());
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] visit = line.split(" ");
            System.out.println(visit[0] + " " + visit[2] + " " + visit[3] + ": " + answered(factory, visit));
        }
    }

    /** A busy machine may take longer than the client waits: only the broker's own word is a refusal. */
    private static String answered(BoundedConnectionFactory factory, String[] visit) {
        String answer = visit(factory, visit);
        for (int attempt = 1; attempt < ATTEMPTS && !answer.equals("received") && !answer.startsWith("refused User");
                attempt++) {
            answer = visit(factory, visit);
        }
        return answer;
    }

    private static String visit(BoundedConnectionFactory factory, String[] visit) {
        String user = visit[0].equals("-") ? null : visit[0];
        String password = visit[1].equals("-") ? null : visit[1];
        Connection connection = null;
        try {
            connection = factory.createConnection(user, password);
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Destination destination = visit[2].equals("topic")
                    ? session.createTopic(visit[3]) : session.createQueue(visit[3]);
            var consumer = session.createConsumer(destination);
            session.createProducer(destination).send(session.createTextMessage("hello"));
            return consumer.receive(LIMIT_MS) == null ? "nothing" : "received";
        } catch (JMSException refused) {
            return "refused " + refused.getMessage();
        } finally {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
