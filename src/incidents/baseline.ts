/** Hours of a week. */
export const slotCount = 168

/** Counts over what they were measured in; both fade, so that the quotient follows slowly. */
export interface Rate {
  count: number
  exposure: number
}

/** The shape of the week over the whole product: every topic and channel begins with it. */
export interface WeekShape {
  /** Messages and buckets of each hour of the day, then of each hour of the week. */
  readonly day: readonly Rate[]
  readonly week: readonly Rate[]
  /** How busy these hours are beside what the week says: growth, holidays. */
  readonly now: Rate
}

/** What is usual for one topic on one channel. */
export interface Baseline {
  /** Messages per bucket with the shape of the week taken out. */
  readonly level: Rate
  /** Messages and buckets of each hour of the week. */
  readonly week: readonly Rate[]
  /** Messages of the last hours beside those expected. */
  readonly now: Rate
}

/** Share that is left of a rate after each bucket: `level` fades by half in three days, `now` in so many buckets. */
const fading = {
  level: 0.5 ** (1 / 864),
  /** The same hour comes once a week, with twelve buckets. */
  week: 0.8 ** (1 / 12),
  common: 0.5 ** (1 / 24),
  own: 0.5 ** (1 / 144),
}
/** How many messages, or buckets, a guess from above counts as. */
const trust = { day: 6, week: 12, slot: 30, common: 40, own: 40 }
const clip = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

const emptyRates = (count: number): Rate[] => Array.from({ length: count }, () => ({ count: 0, exposure: 0 }))
export const emptyShape = (): WeekShape => ({
  day: emptyRates(24),
  week: emptyRates(slotCount),
  now: { count: 0, exposure: 0 },
})
export const emptyBaseline = (): Baseline => ({
  level: { count: 0, exposure: 0 },
  week: emptyRates(slotCount),
  now: { count: 0, exposure: 0 },
})

const learn = (rate: Rate, count: number, exposure: number, left: number): void => {
  rate.count = rate.count * left + count
  rate.exposure = rate.exposure * left + exposure
}

/** A rate pulled towards a guess that counts as much as `weight` of its exposure. */
const pulled = ({ count, exposure }: Rate, guess: number, weight: number): number =>
  (count + guess * weight) / (exposure + weight)

/** A place within the week, between the middles of two hours. */
export interface WeekPlace {
  readonly slot: number
  readonly next: number
  /** Share of `next`, 0 to 1. */
  readonly share: number
}

const between = (place: WeekPlace, valueOf: (slot: number) => number): number =>
  (1 - place.share) * valueOf(place.slot) + place.share * valueOf(place.next)

const meanOf = (rates: readonly Rate[]): number => {
  let [count, exposure] = [0, 0]
  for (const rate of rates) {
    count += rate.exposure > 0 ? rate.count / rate.exposure : 0
    exposure += rate.exposure > 0 ? 1 : 0
  }
  return exposure === 0 ? 0 : count / exposure
}

/** How busy a place of the week is beside the mean; 1 as long as nothing is known. */
export const createShapeReader = ({ day, week, now }: WeekShape) => {
  const mean = meanOf(day)
  const dayFactor = (slot: number): number => {
    const rate = day[slot % 24] ?? { count: 0, exposure: 0 }
    return mean === 0 ? 1 : pulled(rate, mean, trust.day) / mean
  }
  const factor = (slot: number): number => {
    const rate = week[slot] ?? { count: 0, exposure: 0 }
    return mean === 0 ? 1 : pulled(rate, dayFactor(slot) * mean, trust.week) / mean
  }
  return {
    factor,
    at: (place: WeekPlace): number => Math.max(0.02, between(place, factor)),
    common: clip(pulled(now, 1, trust.common), 0.4, 2.2),
  }
}
export type ShapeReader = ReturnType<typeof createShapeReader>

/** Expected messages of a bucket, and how unsure that is: variance of the guess over its square. */
export const expect = (
  { level, week, now }: Baseline,
  place: WeekPlace,
  shape: ShapeReader,
): { readonly mean: number; readonly unsure: number; readonly usual: number } => {
  const perBucket = level.exposure > 0 ? level.count / level.exposure : 0
  const own = (slot: number): number => {
    const guess = Math.max(perBucket * shape.factor(slot), 1e-4)
    const rate = week[slot] ?? { count: 0, exposure: 0 }
    return (rate.count + trust.slot) / (rate.exposure + trust.slot / guess)
  }
  const usual = between(place, own) * shape.common
  const drift = clip(pulled(now, 1, trust.own), 0.5, 2)
  const known = (week[place.slot]?.count ?? 0) + Math.min(level.count, 4 * trust.slot)
  return { mean: usual * drift, usual, unsure: 1 / (known + 4) }
}

/** Teaches what a bucket held; `count` is already cut to what is believable. */
export const learnBaseline = (
  { level, week, now }: Baseline,
  { count, usual }: { readonly count: number; readonly usual: number },
  place: WeekPlace,
  shape: ShapeReader,
): void => {
  learn(level, count, shape.at(place), fading.level)
  const slot = week[place.share < 0.5 ? place.slot : place.next]
  if (slot !== undefined) learn(slot, count / shape.common, 1, fading.week)
  learn(now, count, usual, fading.own)
}

export const learnShape = (
  { day, week, now }: WeekShape,
  { count, usual }: { readonly count: number; readonly usual: number },
  place: WeekPlace,
): void => {
  const slot = place.share < 0.5 ? place.slot : place.next
  const [hour, hourOfWeek] = [day[slot % 24], week[slot]]
  if (hour !== undefined) learn(hour, count, 1, fading.week)
  if (hourOfWeek !== undefined) learn(hourOfWeek, count, 1, fading.week)
  learn(now, count, usual, fading.common)
}
