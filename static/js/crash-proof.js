// A second home for what localStorage keeps. Browsers write that to disk up to a minute late, so a
// browser that is killed forgets the newest words; IndexedDB is written at once.

const NAME = "dry-run";
const STORE = "copies";
const LONGEST_WAIT = 10000; // ms; only offers of copies wait for it
const MOST_WAITING = 100; // where it never opens, they would be all that is typed

/** @type {IDBDatabase | null} null until it is open, and where it is forbidden */
let database = null;
/** @type {((store: IDBObjectStore) => void)[]} what was to be written meanwhile */
let waiting = [];

/** Or as good as it gets: a page works without it. */
const ready = Promise.race([open(), new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT))]);

/** @returns {Promise<void>} */
function open() {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onsuccess = () => {
        database = opening.result;
        waiting.forEach(write);
        waiting = [];
        resolve();
      };
      opening.onerror = () => resolve();
    } catch {
      resolve();
    }
  });
}

/** @param {(store: IDBObjectStore) => void} act */
function write(act) {
  if (!database) {
    waiting = [...waiting.slice(1 - MOST_WAITING), act];
    return;
  }
  try {
    const transaction = database.transaction(STORE, "readwrite");
    act(transaction.objectStore(STORE));
    // Without it a page that goes away takes the change with it.
    transaction.commit();
  } catch {
    // localStorage has it, most likely.
  }
}

/** @param {string} key @param {string} value */
export function put(key, value) {
  write((store) => store.put(value, key));
}

/** @param {string} key */
export function remove(key) {
  write((store) => store.delete(key));
}

/** @returns {Promise<[string, string][]>} keys and values */
export async function entries() {
  await ready;
  return new Promise((resolve) => {
    try {
      const store = database?.transaction(STORE).objectStore(STORE);
      if (!store) return resolve([]);
      const keys = store.getAllKeys();
      const values = store.getAll();
      values.onsuccess = () => resolve(keys.result.map((key, at) => [String(key), values.result[at]]));
      values.onerror = () => resolve([]);
    } catch {
      resolve([]);
    }
  });
}
