package referencenode.http;

import clustermembership.VisitorGate;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import referencenode.Log;
import referencenode.StartupException;
import referencenode.config.Connector;

/** Serves the pages on every connector, each with as many threads as its {@code maxThreads}, as Tomcat does. */
public final class WebServer implements AutoCloseable {
    private static final Log LOG = new Log(WebServer.class);
    private static final int IDLE_THREAD_SECONDS = 60;
    private static final long DRAIN_MILLIS = 2_000;

    private final Optional<VisitorGate> gate;
    private final WebPages pages;
    private final List<ThreadPoolExecutor> workers = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Object drained = new Object();
    private int inFlight;
    private boolean stopping;

    /** Without a gate everybody is let in. */
    public WebServer(List<Connector> connectors, Optional<VisitorGate> gate, WebPages pages)
            throws StartupException {
        this.gate = gate;
        this.pages = pages;
        keepIdleConnections(connectors);
        for (Connector connector : connectors) {
            servers.add(bind(connector));
        }
    }

    public void start() {
        servers.forEach(HttpServer::start);
    }

    /** New requests are turned away, those that are being answered get two seconds to end. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        synchronized (drained) {
            stopping = true;
            try {
                long left = DRAIN_MILLIS;
                while (inFlight > 0 && left > 0) {
                    drained.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        servers.forEach(server -> server.stop(0));
        workers.forEach(ThreadPoolExecutor::shutdownNow);
    }

    /** The JDK's server knows one time for all, and reads it once. */
    private static void keepIdleConnections(List<Connector> connectors) {
        int longest = connectors.stream().mapToInt(connector -> connector.keepAliveMillis).max().orElse(0);
        System.setProperty("sun.net.httpserver.idleInterval", Long.toString(TimeUnit.MILLISECONDS.toSeconds(longest)));
    }

    private HttpServer bind(Connector connector) throws StartupException {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(connector.address, connector.port), 0);
            ThreadPoolExecutor own = threads(connector);
            workers.add(own);
            server.setExecutor(own);
            server.createContext("/", exchange -> serve(exchange, connector));
            LOG.info("Connector " + connector.name + ": port " + connector.port + ", scheme " + connector.scheme
                    + ", visitors see port " + connector.serverPort + ", " + connector.maxThreads + " threads");
            return server;
        } catch (IOException e) {
            throw new StartupException("connector " + connector.name + ", port " + connector.port
                    + " of " + connector.address + ": cannot listen; free the port or change it", e);
        }
    }

    private void serve(HttpExchange exchange, Connector connector) throws IOException {
        boolean turnedAway;
        synchronized (drained) {
            turnedAway = stopping;
            inFlight++;
        }
        try {
            if (gate.isPresent() && !gate.get().letsIn(exchange.getRequestURI().getPath())) {
                send(exchange, Response.text(503, VisitorGate.REFUSAL)
                        .with("Retry-After", Integer.toString(VisitorGate.RETRY_AFTER_SECONDS)));
                return;
            }
            Request request = new Request(exchange, connector, pages.sessions);
            Response response = turnedAway
                    ? Response.text(503, "this node is stopping\n").with("Connection", "close")
                    : pages.answer(request, connector);
            request.newSessionCookie().ifPresent(cookie -> response.with("Set-Cookie", cookie));
            send(exchange, response);
        } finally {
            exchange.close();
            synchronized (drained) {
                inFlight--;
                drained.notifyAll();
            }
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        response.headers.forEach(exchange.getResponseHeaders()::set);
        boolean hasBody = !exchange.getRequestMethod().equals("HEAD") && response.body.length > 0;
        exchange.sendResponseHeaders(response.status, hasBody ? response.body.length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(response.body);
        }
    }

    /** Requests beyond these threads wait in a queue, as long as their connection lives. */
    private static ThreadPoolExecutor threads(Connector connector) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor workers = new ThreadPoolExecutor(connector.maxThreads, connector.maxThreads,
                IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> new Thread(task, connector.name + "-" + number.incrementAndGet()));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
