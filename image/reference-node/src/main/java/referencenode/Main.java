package referencenode;

import referencenode.config.SystemPropertiesFile;

/** Starts what the command line asks for; exit codes as Start.java:75-165 of the ERP gives them. */
public final class Main {
    private static final int EXIT_DONE = 0;
    private static final int EXIT_USAGE = 1;
    private static final int EXIT_CANNOT_START = 99;

    private Main() {
    }

    public static void main(String[] words) {
        try {
            Command command = Command.parse(words);
            SystemPropertiesFile.mergeInto(System.getProperties());
            // Without it every small answer waits for the peer's delayed acknowledgement.
            System.setProperty("sun.net.httpserver.nodelay", "true");
            run(command, new Configuration(System.getProperties(), Main.class.getClassLoader()));
        } catch (Command.UsageException e) {
            System.err.println(e.getMessage() + "\n" + Command.USAGE);
            System.exit(EXIT_USAGE);
        } catch (StartupException e) {
            System.err.println("The reference node cannot start: " + Log.chain(e));
            System.exit(EXIT_CANNOT_START);
        }
    }

    private static void run(Command command, Configuration configuration)
            throws StartupException, Command.UsageException {
        if (command.name.equals(Command.LOAD_DATA)) {
            new DataLoad(configuration).run(command.delegator(), command.readers(), command.files());
            return;
        }
        if (command.name.equals(Command.FAN_OUT)) {
            new FanOutRun(configuration)
                    .run(command.number("subscribers"), command.number("writes"), command.number("seconds"));
            // The sender's connection lives as long as its JVM, so that late commits are still sent.
            System.exit(EXIT_DONE);
        }
        Node node = new Node(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        node.start();
    }
}
