package clustermembership.erp;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ofbiz.base.container.Container;
import org.ofbiz.base.container.ContainerConfig;
import org.ofbiz.base.start.Config;
import org.ofbiz.base.start.Start;
import org.ofbiz.catalina.container.CatalinaContainer;

/** The ERP's own Tomcat without web applications, started as it does it, then the component's container. */
final class VisitorGateTrial {
    private VisitorGateTrial() {
    }

    /** Arguments: the component's file, one of Tomcat's with a free port, that port, membership.json. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[2]);
        Path membership = Path.of(arguments[3]);
        readStartConfiguration();
        Container catalina = new CatalinaContainer();
        catalina.init(new String[0], "catalina-container", arguments[1]);
        ContainerConfig.Container named =
                ContainerConfig.getContainers(Path.of(arguments[0]).toUri().toURL()).iterator().next();
        Container gate = (Container) Class.forName(named.className).getConstructor().newInstance();
        gate.init(new String[0], named.name, null);
        System.out.println("loaders: " + named.loaders);
        catalina.start();
        gate.start();
        System.out.println("unconfirmed: " + status(port, "/page"));
        System.out.println("health path: " + status(port, "/health"));
        String uptime = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
        Files.writeString(membership, "{\"state\": \"alive\", \"confirmedUptimeS\": " + uptime + "}");
        System.out.println("confirmed: " + status(port, "/page"));
        System.exit(0);
    }

    /** What the ERP's main class does first, and shows to nobody. */
    private static void readStartConfiguration() throws ReflectiveOperationException {
        Constructor<?> made = Config.class.getDeclaredConstructor(String[].class);
        made.setAccessible(true);
        Field field = Start.class.getDeclaredField("config");
        field.setAccessible(true);
        field.set(Start.getInstance(), made.newInstance((Object) new String[0]));
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        URI page = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
