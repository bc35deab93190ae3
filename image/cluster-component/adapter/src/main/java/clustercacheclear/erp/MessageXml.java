package clustercacheclear.erp;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.serialize.SerializeException;
import org.ofbiz.entity.serialize.XmlSerializer;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The text of stock messages, as JmsSerializer.java makes and reads it but for the indentation. The ERP compiles
 * a stylesheet for every message that it writes and makes a parser for every one that it reads (UtilXml.java:195
 * and 441), which takes more time than all the rest; here both are kept. Readers go by elements alone
 * (XmlSerializer.java), so stock nodes read either.
 */
final class MessageXml {
    private static final String ROOT = "ofbiz-ser";

    private final DocumentBuilder documents;
    private final Transformer writer;

    MessageXml() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // XmlSerializer.java asks elements for their local names.
        factory.setNamespaceAware(true);
        try {
            // No message has one, and entities are how XML reads other people's files.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            documents = factory.newDocumentBuilder();
            writer = TransformerFactory.newInstance().newTransformer();
        } catch (ParserConfigurationException | TransformerConfigurationException e) {
            throw new IllegalStateException("This JVM cannot read and write XML", e);
        }
    }

    synchronized String text(Object object) throws SerializeException, TransformerException {
        Document document = documents.newDocument();
        Element root = document.createElement(ROOT);
        document.appendChild(root);
        root.appendChild(XmlSerializer.serializeSingle(object, document));
        StringWriter text = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(text));
        return text.toString();
    }

    synchronized Document document(String text) throws SAXException, IOException {
        return documents.parse(new InputSource(new StringReader(text)));
    }

    /** What {@link #text} was made of. */
    synchronized Object object(Document message, Delegator delegator) throws SerializeException {
        return XmlSerializer.deserialize(message, delegator);
    }
}
