package referencenode;

import clustercacheclear.ClearLog;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Lines on standard output, in the columns of the ERP's own log (framework/base/config/log4j2.xml). */
public final class Log implements ClearLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

    private final String source;

    public Log(Class<?> source) {
        this.source = source.getSimpleName();
    }

    @Override
    public void info(String message) {
        write('I', message);
    }

    @Override
    public void warning(String message) {
        write('W', message);
    }

    public void error(String message) {
        write('E', message);
    }

    /** The chain of causes in one line: a stack trace of expected trouble is no help. */
    public void error(String message, Throwable cause) {
        write('E', message + ": " + chain(cause));
    }

    /** Every message of the chain once, outermost first. */
    public static String chain(Throwable cause) {
        return ClearLog.chain(cause);
    }

    private void write(char level, String message) {
        System.out.println(LocalDateTime.now().format(TIME)
                + " |" + Thread.currentThread().getName()
                + " |" + source
                + " |" + level
                + "| " + message);
    }
}
