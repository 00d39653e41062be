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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene103.Lucene103Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;

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

  /** How many neighbours the graph is searched for; the more, the surer is the nearest. */
  private static final int EXPLORED = 32;

  /** How many of them are looked at. */
  private static final int CANDIDATES = 20;

  /** Of what is sealed on disk, an eighth of the heap's most is held in the clear, in memory. */
  private static final int PARTS_OF_MEMORY = 8;

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
    ClearPages clear = new ClearPages(Runtime.getRuntime().maxMemory() / PARTS_OF_MEMORY);
    Directory directory =
        new SealedDirectory(FSDirectory.open(folder), key, new SecureRandom(), clear);
    IndexWriter writer = null;
    try {
      writer = new IndexWriter(directory, configuration());
      return new VectorIndex(directory, writer, new SearcherManager(writer, null));
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.rollback();
      }
      directory.close();
      throw e;
    }
  }

  private static IndexWriterConfig configuration() {
    return new IndexWriterConfig()
        .setIndexSort(ScopedEntries.ORDER)
        .setCodec(new Quantized())
        // By itself it leaves deleted entries on disk where they are few among others.
        .setMergePolicy(new TieredMergePolicy().setForceMergeDeletesPctAllowed(0));
  }

  /** Lucene's own, that keeps for the search a byte for each number beside the exact ones. */
  private static final class Quantized extends Lucene103Codec {
    private static final KnnVectorsFormat VECTORS = new Lucene99HnswScalarQuantizedVectorsFormat();

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return VECTORS;
    }
  }

  /**
   * @param vector of length 1
   */
  public void put(Entry entry, float[] vector) {
    try {
      writer.updateDocument(
          new Term(ScopedEntries.KEY, entry.key()), ScopedEntries.document(entry, vector));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The entries of a scope that are nearest to a vector, of those that have not expired; nearest
   * first, {@value #CANDIDATES} at most.
   */
  public List<Neighbour> nearest(String scope, float[] vector, long now) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        List<Near> near = new ArrayList<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
          ScopedEntries entries = ScopedEntries.of(leaf.reader(), scope, now);
          if (entries.size() > 0) {
            entries.near(vector, EXPLORED).forEach(each -> near.add(new Near(entries, each)));
          }
        }
        return exactly(vector, near.stream().sorted(Near.BEST_FIRST).limit(CANDIDATES).toList());
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a search of one segment has found. */
  private record Near(ScopedEntries entries, ScoreDoc found) {
    static final Comparator<Near> BEST_FIRST =
        Comparator.comparingDouble((Near near) -> near.found.score).reversed();
  }

  private static List<Neighbour> exactly(float[] vector, List<Near> near) throws IOException {
    Map<ScopedEntries, List<Near>> bySegment =
        near.stream().collect(Collectors.groupingBy(Near::entries));
    List<Neighbour> exact = new ArrayList<>();
    for (Map.Entry<ScopedEntries, List<Near>> each : bySegment.entrySet()) {
      int[] documents = each.getValue().stream().mapToInt(one -> one.found.doc).sorted().toArray();
      exact.addAll(each.getKey().exactly(vector, documents));
    }
    exact.sort(Comparator.comparingDouble(Neighbour::similarity).reversed());
    return exact;
  }

  /** The keys of all entries that searches see. */
  public Set<String> keys() {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        Set<String> all = new HashSet<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
          Bits live = leaf.reader().getLiveDocs();
          BinaryDocValues keys = DocValues.getBinary(leaf.reader(), ScopedEntries.KEY);
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
      writer.deleteDocuments(new Term(ScopedEntries.KEY, key));
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
