package org.ofbiz.service;

public class ModelService {
    public String engineName;

    public String invoke;

    public boolean export;
}
