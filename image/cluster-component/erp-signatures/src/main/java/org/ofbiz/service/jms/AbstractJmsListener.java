package org.ofbiz.service.jms;

import javax.jms.ExceptionListener;
import javax.jms.JMSException;
import javax.jms.Message;
import org.ofbiz.entity.Delegator;
import org.ofbiz.service.GenericServiceException;
import org.ofbiz.service.LocalDispatcher;

public abstract class AbstractJmsListener implements GenericMessageListener, ExceptionListener {
    protected LocalDispatcher dispatcher;

    protected AbstractJmsListener(Delegator delegator) {
        throw new UnsupportedOperationException("a signature alone");
    }

    @Override
    public void onMessage(Message message) {
        throw new UnsupportedOperationException("a signature alone");
    }

    @Override
    public void onException(JMSException failure) {
        throw new UnsupportedOperationException("a signature alone");
    }

    @Override
    public void refresh() throws GenericServiceException {
        throw new UnsupportedOperationException("a signature alone");
    }

    @Override
    public boolean isConnected() {
        throw new UnsupportedOperationException("a signature alone");
    }

    protected void setConnected(boolean connected) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
