/** Access to processes, files and the page cache. */
package io.dioagent.bench.io;
