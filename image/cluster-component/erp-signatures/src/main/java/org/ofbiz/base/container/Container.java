package org.ofbiz.base.container;

public interface Container {
    void init(String[] args, String name, String configFile) throws ContainerException;

    boolean start() throws ContainerException;

    void stop() throws ContainerException;

    String getName();
}
