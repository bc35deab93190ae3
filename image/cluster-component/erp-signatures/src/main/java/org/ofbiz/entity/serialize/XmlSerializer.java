package org.ofbiz.entity.serialize;

import org.w3c.dom.Document;
import org.w3c.dom.Element;

public class XmlSerializer {
    public static Element serializeSingle(Object object, Document document) throws SerializeException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
