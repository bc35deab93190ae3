package referencenode.http;

import java.util.Base64;
import java.util.regex.Pattern;

/** The paths of a stock node that balancers and checks know. */
final class StockPages {
    /** One transparent pixel. */
    private static final byte[] GIF =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    /** Open without log-in on a stock node, so that only the balancer can block them. */
    private static final Pattern OPEN = Pattern.compile("/solr(/.*)?|/demosuite(/.*)?"
            + "|/[^/]+/control/(httpService|SOAPService|xmlrpc|TestService|streamTest|ping)(/.*)?"
            // A view behind a request's name (RequestHandler.getOverrideViewUri).
            + "|/[^/]+/control/[^/]+(/~[^/]*)*/[^~/].*");

    private final String instanceId;

    StockPages(String instanceId) {
        this.instanceId = instanceId;
    }

    /** A 404 for everything that a stock node does not have. */
    Response answer(Request request) {
        switch (request.path) {
            case "/images/busy.gif":
                return Response.gif(GIF);
            case "/admin/ping.txt":
                request.sessionOrNew();
                return Response.text(200, "pong");
            case "/admin":
            case "/admin/":
            case "/admin/control":
            case "/admin/control/":
                return Response.redirect(request.url("/admin/control/main"));
            case "/admin/control/main":
                request.sessionOrNew();
                return Response.html(mainPage(request));
            default:
                return OPEN.matcher(request.path).matches()
                        ? Response.text(200, "open, as on a stock node: the balancer must block this path\n")
                        : Response.notFound();
        }
    }

    private String mainPage(Request request) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Reference node</title></head>\n"
                + "<body>\n<h1>Reference node</h1>\n"
                + "<p>This is <b>not</b> Scipio ERP. It stands in for it: a small program that reads the same"
                + " configuration through the same client libraries.</p>\n"
                + "<p>Instance <code>" + escape(instanceId) + "</code>.</p>\n"
                + "<p><a href=\"" + escape(request.url("/reference/node")) + "\">State of this node</a></p>\n"
                + "</body></html>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
