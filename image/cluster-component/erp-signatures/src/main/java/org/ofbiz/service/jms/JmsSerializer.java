package org.ofbiz.service.jms;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.ofbiz.entity.serialize.SerializeException;

public class JmsSerializer {
    public static String serialize(Object object) throws SerializeException, FileNotFoundException, IOException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
