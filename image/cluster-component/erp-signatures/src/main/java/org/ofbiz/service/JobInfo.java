package org.ofbiz.service;

public interface JobInfo {
}
