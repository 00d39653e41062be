package io.tierwise.gateway.semantic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FilteredDocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one scope in one segment of the index that have not expired. A segment is sorted
 * by scope and then by expiry, so they lie in one piece: to leave others out takes no filter whose
 * cost grows with them.
 */
final class ScopedEntries {
  static final String KEY = "key";
  private static final String SCOPE = "scope";
  private static final String EXPIRY = "expiry";
  private static final String VECTOR = "vector-";

  /** The order of a segment. */
  static final Sort ORDER =
      new Sort(
          new SortField(SCOPE, SortField.Type.STRING), new SortField(EXPIRY, SortField.Type.LONG));

  /**
   * Scopes share so many graphs. With one for all, a search would walk through what it may not
   * find; with one for each, a conversation would need its own.
   */
  private static final int GRAPHS = 64;

  /** So few are compared one by one: to search the graph for them would visit as many. */
  private static final int SCANNED = 1500;

  private final LeafReader segment;
  private final String field;
  private final int begin;
  private final int end;

  private ScopedEntries(LeafReader segment, String field, int begin, int end) {
    this.segment = segment;
    this.field = field;
    this.begin = begin;
    this.end = end;
  }

  /** What a segment keeps of an entry. */
  static Document document(VectorIndex.Entry entry, float[] vector) {
    Document document = new Document();
    document.add(new StringField(KEY, entry.key(), Field.Store.NO));
    document.add(new BinaryDocValuesField(KEY, new BytesRef(entry.key())));
    document.add(new StringField(SCOPE, entry.scope(), Field.Store.NO));
    document.add(new SortedDocValuesField(SCOPE, new BytesRef(entry.scope())));
    document.add(new NumericDocValuesField(EXPIRY, entry.expiresAt()));
    document.add(
        new KnnFloatVectorField(
            graph(entry.scope()), vector, VectorSimilarityFunction.DOT_PRODUCT));
    return document;
  }

  private static String graph(String scope) {
    return VECTOR + Math.floorMod(scope.hashCode(), GRAPHS);
  }

  /**
   * @param now milliseconds since 1970
   */
  static ScopedEntries of(LeafReader segment, String scope, long now) throws IOException {
    int begin = 0;
    int end = 0;
    Terms scopes = segment.terms(SCOPE);
    if (scopes != null) {
      TermsEnum found = scopes.iterator();
      if (found.seekExact(new BytesRef(scope))) {
        int first = found.postings(null, PostingsEnum.NONE).nextDoc();
        end = first + found.docFreq();
        begin = firstAlive(segment, first, end, now);
      }
    }
    return new ScopedEntries(segment, graph(scope), begin, end);
  }

  /** Those that have expired are the first of a scope. */
  private static int firstAlive(LeafReader segment, int first, int end, long now)
      throws IOException {
    int low = first;
    int high = end;
    for (int probe = first; low < high; probe = (low + high) >>> 1) {
      NumericDocValues expiry = DocValues.getNumeric(segment, EXPIRY);
      expiry.advanceExact(probe);
      if (expiry.longValue() > now) {
        high = probe;
      } else {
        low = probe + 1;
      }
    }
    return low;
  }

  /** How many there are, deleted ones included. */
  int size() {
    return end - begin;
  }

  /**
   * The nearest to a vector, by vectors of fewer bits, in no order.
   *
   * @param explored how many are kept while the graph is searched
   */
  List<ScoreDoc> near(float[] vector, int explored) throws IOException {
    if (size() > SCANNED) {
      TopKnnCollector nearest = new TopKnnCollector(explored, size());
      segment.searchNearestVectors(field, vector, nearest, new Accepted());
      if (!nearest.earlyTerminated()) {
        return List.of(nearest.topDocs().scoreDocs);
      }
      // It has walked through as many of other scopes, or deleted ones, as there are of these.
    }
    TopKnnCollector nearest = new TopKnnCollector(explored, Integer.MAX_VALUE);
    scan(vector, nearest);
    return List.of(nearest.topDocs().scoreDocs);
  }

  private void scan(float[] vector, TopKnnCollector nearest) throws IOException {
    FloatVectorValues values = segment.getFloatVectorValues(field);
    VectorScorer scorer = values == null ? null : values.scorer(vector);
    if (scorer == null) {
      return;
    }
    Bits live = segment.getLiveDocs();
    DocIdSetIterator each = scorer.iterator();
    for (int at = each.advance(begin); at < end; at = each.nextDoc()) {
      if (live == null || live.get(at)) {
        nearest.collect(at, scorer.score());
      }
    }
  }

  /**
   * The cosines of documents to a vector, as exact as floats are.
   *
   * @param documents in increasing order
   */
  List<VectorIndex.Neighbour> exactly(float[] vector, int[] documents) throws IOException {
    FloatVectorValues values = segment.getFloatVectorValues(field);
    BinaryDocValues keys = DocValues.getBinary(segment, KEY);
    KnnVectorValues.DocIndexIterator places = values.iterator();
    List<VectorIndex.Neighbour> exact = new ArrayList<>();
    for (int document : documents) {
      places.advance(document);
      keys.advanceExact(document);
      double cosine = VectorUtil.dotProduct(vector, values.vectorValue(places.index()));
      exact.add(
          new VectorIndex.Neighbour(keys.binaryValue().utf8ToString(), Math.clamp(cosine, 0, 1)));
    }
    return exact;
  }

  /** The documents that a search of the graph may find; the others it walks past. */
  private final class Accepted extends AcceptDocs implements Bits {
    private final @Nullable Bits live = segment.getLiveDocs();

    @Override
    public boolean get(int document) {
      return begin <= document && document < end && (live == null || live.get(document));
    }

    @Override
    public int length() {
      return segment.maxDoc();
    }

    @Override
    public Bits bits() {
      return this;
    }

    @Override
    public DocIdSetIterator iterator() {
      return new FilteredDocIdSetIterator(DocIdSetIterator.range(begin, end)) {
        @Override
        protected boolean match(int document) {
          return get(document);
        }
      };
    }

    @Override
    public int cost() {
      return size();
    }
  }
}
