package referencenode.http;

import java.io.IOException;

/** Answers the requests of one path. */
@FunctionalInterface
interface Page {
    Response answer(Request request) throws IOException, BadRequestException;
}
