package org.ofbiz.entity;

public class GenericPK extends GenericEntity {
}
