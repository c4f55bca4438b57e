package dev.remix.web;

/** What a deletion answers. */
public record Deleted(String id, String object, boolean deleted) {
    public static Deleted of(String id, String object) {
        return new Deleted(id, object, true);
    }
}
