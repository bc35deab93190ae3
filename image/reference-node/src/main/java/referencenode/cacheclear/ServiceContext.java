package referencenode.cacheclear;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import referencenode.config.XmlFile;
import referencenode.database.EntityValue;
import referencenode.database.EntityXml;

/**
 * The text {@code serviceContext} of the ERP's messages: {@code <ofbiz-ser>} around one map
 * (JmsSerializer.java, XmlSerializer.java). Serialised Java objects in it are never revived.
 */
public final class ServiceContext {
    private static final String ROOT = "ofbiz-ser";
    private static final ThreadLocal<Transformer> WRITERS = ThreadLocal.withInitial(ServiceContext::writer);

    private ServiceContext() {
    }

    /** A {@code map-HashMap} of rows, each as {@code eeval-<Entity>}. */
    public static String write(Map<String, EntityValue> values) {
        Document document = XmlFile.document();
        Element root = document.createElement(ROOT);
        document.appendChild(root);
        Element map = append(root, "map-HashMap");
        for (var entry : new TreeMap<>(values).entrySet()) {
            Element pair = append(map, "map-Entry");
            append(append(pair, "map-Key"), "std-String").setAttribute("value", entry.getKey());
            append(pair, "map-Value").appendChild(EntityXml.element(document, "eeval-", entry.getValue()));
        }
        return text(document);
    }

    /** The elements of the map by their keys, unread: the caller takes what it understands. */
    public static Map<String, Element> read(String text) throws MalformedContextException {
        Element root = parse(text);
        if (!ROOT.equals(root.getNodeName())) {
            throw new MalformedContextException("got <" + root.getNodeName() + ">; must be <" + ROOT + ">");
        }
        List<Element> content = XmlFile.children(root, "*");
        if (content.size() != 1 || !content.get(0).getNodeName().startsWith("map-")) {
            throw new MalformedContextException("must hold exactly one map");
        }
        Map<String, Element> values = new TreeMap<>();
        for (Element pair : XmlFile.children(content.get(0), "map-Entry")) {
            values.put(only(only(pair, "map-Key"), "std-String").getAttribute("value"),
                    only(only(pair, "map-Value"), "*"));
        }
        return values;
    }

    private static Element parse(String text) throws MalformedContextException {
        try {
            return XmlFile.parse(new InputSource(new StringReader(text)));
        } catch (IOException | SAXException e) {
            throw new MalformedContextException("not well-formed: " + e.getMessage());
        }
    }

    private static Element only(Element parent, String tag) throws MalformedContextException {
        List<Element> found = XmlFile.children(parent, tag);
        if (found.size() != 1) {
            throw new MalformedContextException("<" + parent.getNodeName() + "> holds " + found.size()
                    + " elements " + tag + "; must be one");
        }
        return found.get(0);
    }

    private static Element append(Element parent, String tag) {
        Element child = parent.getOwnerDocument().createElement(tag);
        parent.appendChild(child);
        return child;
    }

    private static String text(Document document) {
        StringWriter text = new StringWriter();
        try {
            WRITERS.get().transform(new DOMSource(document), new StreamResult(text));
        } catch (TransformerException e) {
            throw new IllegalStateException("the JDK's own XML classes cannot write a plain document", e);
        }
        return text.toString();
    }

    private static Transformer writer() {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            return transformer;
        } catch (TransformerException e) {
            throw new IllegalStateException("the JDK's own XML classes cannot make a writer", e);
        }
    }

    /** A message that does not have the ERP's shape. */
    public static final class MalformedContextException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedContextException(String message) {
            super("serviceContext: " + message);
        }
    }
}
