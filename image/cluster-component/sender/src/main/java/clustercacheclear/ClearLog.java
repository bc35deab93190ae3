package clustercacheclear;

/** Where the component's lines go. Messages are whole sentences without stack traces. */
public interface ClearLog {
    void info(String message);

    void warning(String message);

    /** Every message of the chain of causes once, outermost first, in one line. */
    static String chain(Throwable cause) {
        StringBuilder text = new StringBuilder();
        for (Throwable link = cause; link != null; link = link.getCause()) {
            String message = link.getMessage() == null ? link.getClass().getName() : link.getMessage();
            if (text.indexOf(message) < 0) {
                text.append(text.length() == 0 ? "" : ": ").append(message);
            }
        }
        return text.toString().replace('\n', ' ');
    }
}
