package org.ofbiz.service;

import java.util.HashMap;

public class ServiceResult extends HashMap<String, Object> {
    private static final long serialVersionUID = 1L;
}
