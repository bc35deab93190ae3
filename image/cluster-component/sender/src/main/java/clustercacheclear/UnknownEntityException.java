package clustercacheclear;

/** A message is about an entity that this node's release does not have, so it has cached none of its rows. */
public final class UnknownEntityException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String entity;

    public UnknownEntityException(String entity) {
        super("there is no entity " + entity + " here");
        this.entity = entity;
    }

    public String entity() {
        return entity;
    }
}
