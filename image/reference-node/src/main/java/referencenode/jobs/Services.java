package referencenode.jobs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The services that jobs of the reference node may name. */
final class Services {
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,4})s$");

    private Services() {
    }

    /** Returns the job's result; {@code referenceSleep} sleeps for the "<n>s" that ends the job's name. */
    static String run(String service, String jobName) throws InterruptedException, UnknownServiceException {
        switch (service) {
            case "referenceNoop":
                return "nothing to do";
            case "referenceSleep":
                Matcher seconds = SECONDS.matcher(jobName);
                long sleep = seconds.find() ? Long.parseLong(seconds.group(1)) : 1;
                Thread.sleep(sleep * 1000);
                return "slept " + sleep + " s";
            default:
                throw new UnknownServiceException(service);
        }
    }

    /** The job names a service that does not exist here. */
    static final class UnknownServiceException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownServiceException(String service) {
            super("Cannot find service " + service + "; the reference node has referenceNoop and referenceSleep");
        }
    }
}
