/**
 * One self-contained HTML page of one or several recordings.
 *
 * <pre>
 * RecordingChunks  whole recordings?  Recordings  JMC's parser, one RecordedJvm for each JVM
 *   -> JvmActivity  one pass over its events: Operation, Counters, BadEvents, FileActivity
 *   -> PageData     what the page's scripts know, as JSON     Rules  what JMC's analysis says
 *   -> Page         template, style, scripts, data            OutputFile  whole, or not at all
 * </pre>
 */
package io.dioagent.jmc.report;
