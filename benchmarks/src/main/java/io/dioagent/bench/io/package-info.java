/** What the rows use: processes, files, the page cache. */
package io.dioagent.bench.io;
