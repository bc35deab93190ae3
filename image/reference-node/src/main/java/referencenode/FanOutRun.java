package referencenode;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.jms.JMSException;
import javax.naming.NamingException;
import referencenode.cacheclear.FanOut;
import referencenode.config.Delegator;
import referencenode.config.JmsServer;
import referencenode.database.Database;
import referencenode.http.Json;

/** {@code fan-out}: measures the configured sender with many subscribers; the result is the last line, as JSON. */
final class FanOutRun {
    private final Configuration configuration;

    FanOutRun(Configuration configuration) {
        this.configuration = configuration;
    }

    void run(int subscribers, int writesPerSecond, int seconds) throws StartupException {
        Delegator delegator = configuration.delegator("default");
        Optional<JmsServer> messenger = configuration.serviceEngine().messenger;
        JmsServer server = messenger.orElseThrow(() -> new StartupException(
                "serviceengine.xml: fan-out needs the jms-service serviceMessenger"));
        try (Database database = new Database(delegator.datasource);
                ClearSending sending = new ClearSending(delegator, messenger, database)) {
            sending.start();
            Map<String, Object> result = new FanOut(server, database, sending.sender, sending.figures())
                    .run(subscribers, writesPerSecond, seconds);
            System.out.println(Json.object(result));
        } catch (SQLException | NamingException | JMSException e) {
            throw new StartupException("fan-out: " + Log.chain(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
