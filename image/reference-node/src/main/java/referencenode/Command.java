package referencenode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line, in the ERP's form: a word, and {@code name=value} arguments; without any word, {@code start}. */
final class Command {
    static final String START = "start";
    static final String LOAD_DATA = "load-data";
    static final String FAN_OUT = "fan-out";
    static final String USAGE = "usage: java -jar reference-node.jar [start]\n"
            + "       java -jar reference-node.jar load-data readers=<a,b> [delegator=<name>]\n"
            + "       java -jar reference-node.jar load-data file=</absolute/path.xml> [delegator=<name>]\n"
            + "       java -jar reference-node.jar fan-out subscribers=<n> writes=<n a second> seconds=<n>";
    private static final Map<String, Set<String>> ARGUMENTS = Map.of(
            LOAD_DATA, Set.of("readers", "file", "delegator"),
            FAN_OUT, Set.of("subscribers", "writes", "seconds"));

    final String name;
    private final Map<String, String> arguments;

    private Command(String name, Map<String, String> arguments) {
        this.name = name;
        this.arguments = arguments;
    }

    static Command parse(String[] words) throws UsageException {
        if (words.length == 0 || words.length == 1 && words[0].equals(START)) {
            return new Command(START, Map.of());
        }
        Set<String> known = ARGUMENTS.get(words[0]);
        if (known == null) {
            throw new UsageException("got \"" + String.join(" ", words) + "\"");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String word : List.of(words).subList(1, words.length)) {
            String[] pair = word.replaceFirst("^--?", "").split("=", 2);
            if (pair.length != 2 || !known.contains(pair[0])) {
                throw new UsageException(words[0] + ": got \"" + word + "\"");
            }
            arguments.put(pair[0], pair[1]);
        }
        return new Command(words[0], arguments);
    }

    /** "default" unless the command line names another one. */
    String delegator() {
        return arguments.getOrDefault("delegator", "default");
    }

    /** Without readers and without a file, every reader, as in the ERP. */
    List<String> readers() {
        if (!arguments.containsKey("readers")) {
            return arguments.containsKey("file") ? List.of() : List.of("seed", "seed-initial", "ext");
        }
        return list("readers");
    }

    List<String> files() {
        return list("file");
    }

    /** A whole number, 1 or more. */
    int number(String argument) throws UsageException {
        String given = arguments.getOrDefault(argument, "");
        if (!given.matches("[1-9][0-9]{0,5}")) {
            throw new UsageException(name + ": " + argument + ": got \"" + given + "\"; must be a whole number from 1");
        }
        return Integer.parseInt(given);
    }

    private List<String> list(String argument) {
        List<String> names = new ArrayList<>();
        for (String name : arguments.getOrDefault(argument, "").split(",")) {
            if (!name.isBlank()) {
                names.add(name.trim());
            }
        }
        return names;
    }

    /** Words that are no command of this program. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
