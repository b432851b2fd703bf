package dev.pitr.catalog;

/**
 * An object that belongs to the catalogue and could not be read: what it would have told is missing from it.
 *
 * @param key the object's key in the storage
 * @param code the stable code of the error, such as {@code repository.corrupt}
 * @param reason what is wrong with it and what to do, for people
 */
public record Unreadable(String key, String code, String reason) {}
