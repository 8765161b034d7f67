/** Texts that go to the network together. */
export interface Batch {
  readonly texts: readonly string[]
  resolve(vectors: readonly Float32Array[]): void
  reject(error: unknown): void
  /** Puts the texts back among those that wait: whoever took them cannot encode them. */
  giveBack(): void
}

/** What waits for the network. A text asked for twice is encoded once. */
export interface EncodeQueue {
  /** `urgent`: somebody waits for it. Urgent texts overtake the others, which still get on. */
  add(text: string, urgent: boolean): Promise<Float32Array>
  /** Takes the next batch, at last of what `nextPatient` gave to a slower one; undefined when nothing waits. */
  next(): Batch | undefined
  /** Takes a large batch of texts that nobody waits for, to be encoded beside `next`; undefined when there are none. */
  nextPatient(): Batch | undefined
  /** Texts that nobody waits for and that nobody has taken yet. */
  patientTexts(): number
  /** Rejects all that waits. */
  rejectAll(error: unknown): void
}

interface Job {
  readonly text: string
  readonly promise: Promise<Float32Array>
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: unknown) => void
}

interface Lane {
  readonly jobs: Map<string, Job>
  readonly maxTexts: number
  readonly maxTokens: number
}

/** Urgent batches in a row after which one of the others gets its turn. */
const urgentInRow = 8
/** What a batch holds that nobody waits for. */
const large = { maxTexts: 64, maxTokens: 1_024 }

const createJob = (text: string): Job => {
  let resolve: Job['resolve'] = () => undefined
  let reject: Job['reject'] = () => undefined
  const promise = new Promise<Float32Array>((onVector, onError) => {
    resolve = onVector
    reject = onError
  })
  return { text, promise, resolve, reject }
}

/** Takes from the front of a lane what fits one batch; a text counts at most as many tokens as it has characters. */
const take = ({ jobs, maxTexts, maxTokens }: Lane, tokensOf: (text: string) => number): Job[] => {
  const taken: Job[] = []
  let tokens = 0
  for (const job of jobs.values()) {
    tokens += tokensOf(job.text)
    if (taken.length > 0 && (taken.length === maxTexts || tokens > maxTokens)) break
    taken.push(job)
    jobs.delete(job.text)
  }
  return taken
}

/** A batch of jobs, which are among the `taken` ones until it ends; `patient` is where those given back go. */
const createBatch = (
  jobs: readonly Job[],
  taken: Map<string, Job>,
  patient: Map<string, Job>,
): Batch | undefined => {
  if (jobs.length === 0) return undefined
  for (const job of jobs) taken.set(job.text, job)
  const end = (settle: (job: Job, place: number) => void): void => {
    for (const [place, job] of jobs.entries()) {
      taken.delete(job.text)
      settle(job, place)
    }
  }
  return {
    texts: jobs.map(({ text }) => text),
    resolve: (vectors) =>
      end((job, place) => {
        const vector = vectors[place]
        if (vector === undefined) job.reject(new RangeError('there are fewer vectors than texts'))
        else job.resolve(vector)
      }),
    reject: (error) => end((job) => job.reject(error)),
    giveBack: () => {
      for (const job of jobs) if (taken.delete(job.text)) patient.set(job.text, job)
    },
  }
}

/** Makes an empty queue; `maxTokens` is what the model reads of a text. */
export const createEncodeQueue = (maxTokens: number): EncodeQueue => {
  const urgent: Lane = { jobs: new Map(), maxTexts: 64, maxTokens: 2_048 }
  // Small, because an urgent text waits for the batch that is under way.
  const patient: Lane = { jobs: new Map(), maxTexts: 8, maxTokens: 128 }
  const running = new Map<string, Job>()
  /** Those in large batches: an urgent text does not wait for them. */
  const runningBeside = new Map<string, Job>()
  let inRow = 0

  const chooseLane = (): Lane => {
    const urgentNext = urgent.jobs.size > 0 && (inRow < urgentInRow || patient.jobs.size === 0)
    inRow = urgentNext ? inRow + 1 : 0
    return urgentNext ? urgent : patient
  }

  const tokensOf = (text: string): number => Math.min(text.length + 2, maxTokens)

  return {
    add: (text, isUrgent) => {
      const known = running.get(text) ?? urgent.jobs.get(text)
      if (known !== undefined) return known.promise
      const waiting = patient.jobs.get(text) ?? runningBeside.get(text)
      if (isUrgent) patient.jobs.delete(text)
      else if (waiting !== undefined) return waiting.promise
      const job = waiting ?? createJob(text)
      ;(isUrgent ? urgent : patient).jobs.set(text, job)
      return job.promise
    },
    next: () => {
      const jobs = take(chooseLane(), tokensOf)
      const late = jobs.length > 0 ? jobs : take({ ...patient, jobs: runningBeside }, tokensOf)
      return createBatch(late, running, patient.jobs)
    },
    nextPatient: () => createBatch(take({ ...patient, ...large }, tokensOf), runningBeside, patient.jobs),
    patientTexts: () => patient.jobs.size,
    rejectAll: (error) => {
      for (const { jobs } of [urgent, patient]) {
        const all = [...jobs.values()]
        jobs.clear()
        for (const job of all) job.reject(error)
      }
    },
  }
}
