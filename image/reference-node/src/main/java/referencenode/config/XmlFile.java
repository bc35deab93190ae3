package referencenode.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import referencenode.StartupException;

/** Parses XML without external entities or document types, and walks it. */
public final class XmlFile {
    /** Looking for a parser on the class path takes longer than reading a message. */
    private static final ThreadLocal<DocumentBuilder> PARSERS = ThreadLocal.withInitial(XmlFile::parser);

    private XmlFile() {
    }

    /** The root element; a file that is not well-formed is named with its line. */
    public static Element read(URL url) throws StartupException {
        try (InputStream stream = url.openStream()) {
            return parse(new InputSource(stream));
        } catch (IOException | SAXException e) {
            throw new StartupException(url + ": cannot be read as XML", e);
        }
    }

    public static Element parse(InputSource source) throws IOException, SAXException {
        return PARSERS.get().parse(source).getDocumentElement();
    }

    /** An empty document, to be filled. */
    public static Document document() {
        return PARSERS.get().newDocument();
    }

    private static DocumentBuilder parser() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own XML parser lacks a standard feature", e);
        }
    }

    /** Child elements with this tag, in order; {@code "*"} for all. */
    public static List<Element> children(Element parent, String tag) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element && (tag.equals("*") || tag.equals(child.getNodeName()))) {
                found.add((Element) child);
            }
        }
        return found;
    }
}
