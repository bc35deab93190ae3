package referencenode.http;

/** The visitor asked for something that cannot be; becomes an answer with this status. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    final int status;

    BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }
}
