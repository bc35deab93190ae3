package org.ofbiz.entity.condition;

public abstract class EntityCondition {
}
