package org.ofbiz.entity.model;

public class ModelEntity {
}
