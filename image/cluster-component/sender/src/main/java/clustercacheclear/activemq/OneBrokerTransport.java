package clustercacheclear.activemq;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.transport.tcp.SslTransportFactory;
import org.apache.activemq.transport.tcp.TcpTransportFactory;

/** ActiveMQ's transports {@code tcp} and {@code ssl}, over sockets whose connect and handshake have an end. */
final class OneBrokerTransport {
    private OneBrokerTransport() {
    }

    /** Not started. Any other transport is ActiveMQ's own: only the attempt as a whole has an end then. */
    static Transport to(URI broker, ConnectionAttempt attempt) throws Exception {
        switch (broker.getScheme()) {
            case "tcp":
                return new TcpTransportFactory() {
                    @Override
                    protected SocketFactory createSocketFactory() {
                        return new PlainSockets(attempt);
                    }
                }.doConnect(broker);
            case "ssl":
                return new SslTransportFactory() {
                    @Override
                    protected SocketFactory createSocketFactory() throws IOException {
                        SSLSocketFactory tls = (SSLSocketFactory) super.createSocketFactory();
                        return new TlsSockets(tls, broker.getHost(), attempt);
                    }
                }.doConnect(broker);
            default:
                return TransportFactory.connect(broker);
        }
    }

    private static GuardedSocket connected(InetAddress address, int port, ConnectionAttempt attempt)
            throws IOException {
        attempt.begin("TCP connect");
        GuardedSocket socket = attempt.socket();
        socket.connect(new InetSocketAddress(address, port), attempt.leftMillis());
        attempt.begin("greeting");
        return socket;
    }

    private static SocketException unconnected() {
        // TcpTransport.java then asks for a connected one.
        return new SocketException("only connected sockets are made here");
    }

    private static final class PlainSockets extends SocketFactory {
        private final ConnectionAttempt attempt;

        PlainSockets(ConnectionAttempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public Socket createSocket() throws IOException {
            throw unconnected();
        }

        @Override
        public Socket createSocket(InetAddress address, int port) throws IOException {
            return connected(address, port, attempt);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected(InetAddress.getByName(host), port, attempt);
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort)
                throws IOException {
            throw unconnected();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            throw unconnected();
        }
    }

    private static final class TlsSockets extends SSLSocketFactory {
        private final SSLSocketFactory tls;
        private final String host;
        private final ConnectionAttempt attempt;

        TlsSockets(SSLSocketFactory tls, String host, ConnectionAttempt attempt) {
            this.tls = tls;
            this.host = host;
            this.attempt = attempt;
        }

        @Override
        public Socket createSocket() throws IOException {
            throw unconnected();
        }

        @Override
        public Socket createSocket(InetAddress address, int port) throws IOException {
            return secured(connected(address, port, attempt), port);
        }

        @Override
        public Socket createSocket(String name, int port) throws IOException {
            return secured(connected(InetAddress.getByName(name), port, attempt), port);
        }

        /** The handshake is over, and the certificate is of the host that the URL names. */
        private Socket secured(GuardedSocket plain, int port) throws IOException {
            attempt.begin("TLS handshake");
            SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(attempt.leftMillis());
            socket.startHandshake();
            // Later silence is the inactivity monitor's.
            socket.setSoTimeout(0);
            attempt.begin("greeting");
            return socket;
        }

        @Override
        public Socket createSocket(Socket below, String name, int port, boolean autoClose) throws IOException {
            throw unconnected();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort)
                throws IOException {
            throw unconnected();
        }

        @Override
        public Socket createSocket(String name, int port, InetAddress from, int fromPort) throws IOException {
            throw unconnected();
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }
    }
}
