package clustercacheclear.erp;

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
import org.ofbiz.entity.serialize.SerializeException;
import org.ofbiz.entity.serialize.XmlSerializer;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The text of stock messages, as JmsSerializer.java makes it but for the indentation: the ERP compiles a
 * stylesheet for that at every message (UtilXml.java:195), which takes more time than all the rest. Readers go
 * by elements alone (XmlSerializer.java), so stock nodes read either.
 */
final class MessageXml {
    private final DocumentBuilder documents;
    private final Transformer writer;

    MessageXml() {
        try {
            documents = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            writer = TransformerFactory.newInstance().newTransformer();
        } catch (ParserConfigurationException | TransformerConfigurationException e) {
            throw new IllegalStateException("This JVM cannot write XML", e);
        }
    }

    synchronized String text(Object object) throws SerializeException, TransformerException {
        Document document = documents.newDocument();
        Element root = document.createElement("ofbiz-ser");
        document.appendChild(root);
        root.appendChild(XmlSerializer.serializeSingle(object, document));
        StringWriter text = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(text));
        return text.toString();
    }
}
