package tomcatpaths;

import java.io.File;
import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/**
 * Webapps that answer every request with three lines: mount point, servlet path, path info.
 *
 * <p>Arguments: port, folder, mount points. System properties {@code connector.x} are the connector's {@code x}. Each webapp has a servlet at {@code /control/*}, as those of the ERP
 * (framework/webtools/webapp/webtools/WEB-INF/web.xml), and one for everything else.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[1]);
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("connector.")) {
                tomcat.getConnector().setProperty(name.substring("connector.".length()), System.getProperty(name));
            }
        }
        for (int number = 2; number < arguments.length; number++) {
            Context webapp = tomcat.addContext(arguments[number], new File(arguments[1]).getAbsolutePath());
            webapp.setMapperContextRootRedirectEnabled(false);
            Tomcat.addServlet(webapp, "control", new ReadPath());
            webapp.addServletMappingDecoded("/control/*", "control");
            Tomcat.addServlet(webapp, "files", new ReadPath());
            webapp.addServletMappingDecoded("/", "files");
        }
        tomcat.start();
        tomcat.getServer().await();
    }

    private static final class ReadPath extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain; charset=utf-8");
            response.getWriter()
                    .print(getServletContext().getContextPath() + "\n" + request.getServletPath() + "\n"
                            + (request.getPathInfo() == null ? "" : request.getPathInfo()));
        }
    }
}
