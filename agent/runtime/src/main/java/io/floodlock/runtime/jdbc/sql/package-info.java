/** What the text of a statement shows without asking the server. Begin with {@code Sql}. */
package io.floodlock.runtime.jdbc.sql;
