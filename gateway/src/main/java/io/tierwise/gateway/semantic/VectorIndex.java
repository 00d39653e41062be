package io.tierwise.gateway.semantic;

import io.tierwise.student.file.DurableFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Nearest neighbours among vectors of length 1, within a scope: a graph on disk (Malkov, Yashunin:
 * Efficient and robust approximate nearest neighbor search using hierarchical navigable small world
 * graphs, 2016) as Lucene builds it. An entry is found once {@link #refresh} was called after it
 * was put, and survives the process once {@link #commit} was. An index that cannot be read is
 * dropped with a word in the log: what it held can be had again.
 */
public final class VectorIndex implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(VectorIndex.class.getName());
  private static final String KEY = "key";
  private static final String SCOPE = "scope";
  private static final String GROUP = "group";
  private static final String EXPIRY = "expiry";
  private static final String VECTOR = "vector";
  private static final String PAYLOAD = "payload";

  /** How many neighbours the graph is searched for; the more, the surer is the nearest. */
  private static final int CANDIDATES = 20;

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;

  private VectorIndex(Directory directory, IndexWriter writer, SearcherManager searchers) {
    this.directory = directory;
    this.writer = writer;
    this.searchers = searchers;
  }

  /**
   * One entry.
   *
   * @param key puts it in the place of an earlier one of the same key
   * @param scope only searches of the same scope find it
   * @param group what it is deleted by
   * @param expiresAt milliseconds since 1970
   */
  public record Entry(String key, String scope, String group, String payload, long expiresAt) {}

  /**
   * What was found.
   *
   * @param similarity the cosine, in [0, 1]; what points away counts 0
   */
  public record Neighbour(String payload, double similarity) {}

  /** Opens or makes the index of a directory. */
  public static VectorIndex open(Path folder) throws IOException {
    try {
      return openAsItIs(folder);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | IllegalArgumentException e) {
      return anew(folder, e);
    } catch (IOException e) {
      if (e instanceof NoSuchFileException || e instanceof EOFException) {
        return anew(folder, e);
      }
      throw e;
    }
  }

  private static VectorIndex anew(Path folder, Exception trouble) throws IOException {
    LOG.log(
        System.Logger.Level.WARNING,
        folder + " cannot be read (" + trouble.getMessage() + "); it begins anew, empty");
    DurableFiles.delete(folder);
    return openAsItIs(folder);
  }

  private static VectorIndex openAsItIs(Path folder) throws IOException {
    Directory directory = FSDirectory.open(folder);
    IndexWriter writer = null;
    try {
      writer = new IndexWriter(directory, new IndexWriterConfig());
      return new VectorIndex(directory, writer, new SearcherManager(writer, null));
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.rollback();
      }
      directory.close();
      throw e;
    }
  }

  /**
   * @param vector of length 1
   */
  public void put(Entry entry, float[] vector) {
    Document document = new Document();
    document.add(new StringField(KEY, entry.key(), Field.Store.NO));
    document.add(new StringField(SCOPE, entry.scope(), Field.Store.NO));
    document.add(new StringField(GROUP, entry.group(), Field.Store.NO));
    document.add(new LongPoint(EXPIRY, entry.expiresAt()));
    document.add(new StoredField(PAYLOAD, entry.payload()));
    document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
    try {
      writer.updateDocument(new Term(KEY, entry.key()), document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entry of a scope that is nearest to a vector, of those that have not expired. */
  public Optional<Neighbour> nearest(String scope, float[] vector, long now) {
    Query among =
        new BooleanQuery.Builder()
            .add(new TermQuery(new Term(SCOPE, scope)), BooleanClause.Occur.FILTER)
            .add(
                LongPoint.newRangeQuery(EXPIRY, now + 1, Long.MAX_VALUE),
                BooleanClause.Occur.FILTER)
            .build();
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        TopDocs found =
            searcher.search(new KnnFloatVectorQuery(VECTOR, vector, CANDIDATES, among), 1);
        if (found.scoreDocs.length == 0) {
          return Optional.empty();
        }
        String payload = searcher.storedFields().document(found.scoreDocs[0].doc).get(PAYLOAD);
        // Lucene's score of a product is (1 + product) / 2.
        double cosine = 2.0 * found.scoreDocs[0].score - 1;
        return Optional.of(new Neighbour(payload, Math.clamp(cosine, 0, 1)));
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets all entries of a group. */
  public void delete(String group) {
    try {
      writer.deleteDocuments(new Term(GROUP, group));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets what has expired. */
  public void prune(long now) {
    try {
      writer.deleteDocuments(LongPoint.newRangeQuery(EXPIRY, Long.MIN_VALUE, now));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many entries it holds, expired ones that were not pruned included. */
  public int size() {
    return writer.getDocStats().numDocs;
  }

  /** Makes what was put and deleted so far seen by searches. */
  public void refresh() {
    try {
      searchers.maybeRefreshBlocking();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it survive the process and the loss of power. */
  public void commit() {
    try {
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits first. */
  @Override
  public void close() throws IOException {
    searchers.close();
    writer.close();
    directory.close();
  }
}
