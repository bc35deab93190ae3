package org.ofbiz.service.jms;

import javax.jms.MessageListener;
import org.ofbiz.service.GenericServiceException;

public interface GenericMessageListener extends MessageListener {
    void close() throws GenericServiceException;

    void load() throws GenericServiceException;

    void refresh() throws GenericServiceException;

    boolean isConnected();
}
