/**
 * Makes one self-contained HTML page of one or several recordings.
 *
 * <pre>
 * RecordingChunks  checks headers     Recordings  JMC's parser, one RecordedJvm for each JVM
 *   -> JvmActivity  one pass over its events: Operation, Counters, BadEvents, FileActivity
 *   -> PageData     the page's data, as JSON          Rules       findings of JMC's rules
 *   -> Page         template, style, scripts, data    OutputFile  replaces the file as a whole
 * </pre>
 */
package io.dioagent.jmc.report;
