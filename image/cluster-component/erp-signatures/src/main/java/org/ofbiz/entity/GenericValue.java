package org.ofbiz.entity;

public class GenericValue extends GenericEntity {
}
