package clustermembership.erp;

import clustermembership.VisitorGate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Asks the gate for each request to the ERP's Tomcat; the first to do so, before any web application. */
final class MembershipValve extends ValveBase {
    private final VisitorGate gate;

    MembershipValve(VisitorGate gate) {
        super(true);
        this.gate = gate;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (gate.letsIn(request.getRequestURI())) {
            getNext().invoke(request, response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", Integer.toString(VisitorGate.RETRY_AFTER_SECONDS));
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().write(VisitorGate.REFUSAL.getBytes(StandardCharsets.UTF_8));
    }
}
