package io.tierwise.gateway.semantic;

import static org.apache.lucene.search.DocIdSetIterator.NO_MORE_DOCS;

import io.tierwise.student.file.DurableFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * Nearest neighbours among vectors of length 1, within a scope: a graph on disk (Malkov, Yashunin:
 * Efficient and robust approximate nearest neighbor search using hierarchical navigable small world
 * graphs, 2016) as Lucene builds it, in files that only a key reads. An entry is found once {@link
 * #refresh} was called after it was put, and survives the process once {@link #commit} was. An
 * index that cannot be read is dropped with a word in the log: what it held is made again from the
 * entries.
 */
public final class VectorIndex implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(VectorIndex.class.getName());
  private static final String KEY = "key";
  private static final String SCOPE = "scope";
  private static final String EXPIRY = "expiry";
  private static final String VECTOR = "vector";

  /** How many neighbours the graph is searched for; the more, the surer is the nearest. */
  private static final int EXPLORED = 100;

  /** How many of them are looked at. */
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
   * @param expiresAt milliseconds since 1970
   */
  public record Entry(String key, String scope, long expiresAt) {}

  /**
   * What was found.
   *
   * @param similarity the cosine, in [0, 1]; what points away counts 0
   */
  public record Neighbour(String key, double similarity) {}

  /**
   * Opens or makes the index of a directory.
   *
   * @param key seals its files; where they are not of this key, they are dropped
   * @throws IndexInUseException where another process has it open
   */
  public static VectorIndex open(Path folder, SecretKey key) throws IOException {
    try {
      return openAsItIs(folder, key);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | IllegalArgumentException e) {
      return anew(folder, key, e);
    } catch (LockObtainFailedException e) {
      throw new IndexInUseException(folder + " is open elsewhere", e);
    } catch (IOException e) {
      if (e instanceof NoSuchFileException || e instanceof EOFException) {
        return anew(folder, key, e);
      }
      throw e;
    }
  }

  private static VectorIndex anew(Path folder, SecretKey key, Exception trouble)
      throws IOException {
    LOG.log(
        System.Logger.Level.WARNING,
        folder + " cannot be read (" + trouble.getMessage() + "); it begins anew, empty");
    DurableFiles.delete(folder);
    return openAsItIs(folder, key);
  }

  private static VectorIndex openAsItIs(Path folder, SecretKey key) throws IOException {
    Directory directory = new SealedDirectory(FSDirectory.open(folder), key, new SecureRandom());
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
    document.add(new BinaryDocValuesField(KEY, new BytesRef(entry.key())));
    document.add(new StringField(SCOPE, entry.scope(), Field.Store.NO));
    document.add(new LongPoint(EXPIRY, entry.expiresAt()));
    document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
    try {
      writer.updateDocument(new Term(KEY, entry.key()), document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The entries of a scope that are nearest to a vector, of those that have not expired; nearest
   * first, {@value #CANDIDATES} at most.
   */
  public List<Neighbour> nearest(String scope, float[] vector, long now) {
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
        Query query = new KnnFloatVectorQuery(VECTOR, vector, EXPLORED, among);
        List<Neighbour> found = new ArrayList<>();
        for (ScoreDoc each : searcher.search(query, CANDIDATES).scoreDocs) {
          // Lucene's score of a product is (1 + product) / 2.
          double cosine = 2.0 * each.score - 1;
          found.add(new Neighbour(key(searcher, each.doc), Math.clamp(cosine, 0, 1)));
        }
        return found;
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(IndexSearcher searcher, int document) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    BinaryDocValues keys = DocValues.getBinary(leaf.reader(), KEY);
    keys.advanceExact(document - leaf.docBase);
    return keys.binaryValue().utf8ToString();
  }

  /** The keys of all entries that searches see. */
  public Set<String> keys() {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        Set<String> all = new HashSet<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
          Bits live = leaf.reader().getLiveDocs();
          BinaryDocValues keys = DocValues.getBinary(leaf.reader(), KEY);
          for (int each = keys.nextDoc(); each != NO_MORE_DOCS; each = keys.nextDoc()) {
            if (live == null || live.get(each)) {
              all.add(keys.binaryValue().utf8ToString());
            }
          }
        }
        return all;
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets an entry. */
  public void delete(String key) {
    try {
      writer.deleteDocuments(new Term(KEY, key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes from the disk what was deleted; a deletion alone only hides it. */
  public void expunge() {
    try {
      writer.forceMergeDeletes();
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether trouble has closed it, so that it is to be opened anew. */
  public boolean broken() {
    return writer.getTragicException() != null;
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
