package clustermembership.erp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clustermembership.VisitorGate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Tomcat of the ERP's version, started as CatalinaContainer does: nobody hands it out. */
class EngineGatesTest {
    @TempDir
    Path folder;

    private Tomcat tomcat;
    private Path membership;

    @BeforeEach
    void start() throws Exception {
        membership = folder.resolve("membership.json");
        System.setProperty(VisitorGate.FILE_PROPERTY, membership.toString());
        System.setProperty(VisitorGate.LEASE_PROPERTY, "20");
        System.setProperty(VisitorGate.FREE_PATH_PROPERTY, "/health");
        tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        tomcat.getEngine().setName("default-server");
        Context context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "page", new Page());
        context.addServletMappingDecoded("/*", "page");
        tomcat.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        System.clearProperty(VisitorGate.FILE_PROPERTY);
    }

    private void confirm(String word) throws IOException {
        Files.writeString(membership, "{\"state\": \"alive\", \"confirmedUptimeS\": " + word + "}");
    }

    private static String uptime() throws IOException {
        return Files.readString(Path.of("/proc/uptime")).split(" ")[0];
    }

    private int status(String path) throws Exception {
        URI page = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + path);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(answer.statusCode() == 200 ? "page" : VisitorGate.REFUSAL, answer.body());
        return answer.statusCode();
    }

    @Test
    void visitorsAreRefusedUntilTheNodeIsConfirmed() throws Exception {
        assertEquals(200, status("/shop"));
        confirm("null");
        assertEquals(1, EngineGates.install(VisitorGate.ofThisJvm(() -> { }).get()));

        assertEquals(503, status("/shop"));
        assertEquals(503, status("/no/such/webapp"));
        assertEquals(200, status("/health"));
        confirm(uptime());
        assertEquals(200, status("/shop"));
    }

    /** The ERP's. */
    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write("page");
        }
    }
}
