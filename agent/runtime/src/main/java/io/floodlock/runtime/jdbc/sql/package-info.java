/** Properties of a statement that its text shows without asking the server. Begin with {@code Sql}. */
package io.floodlock.runtime.jdbc.sql;
