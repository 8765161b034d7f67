/* global document */

// Drawn here, because fonts with pictures in them are not everywhere.
const paths = {
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4.2l2.8 1.6',
  alarm: 'M8 1.8 15 14H1zM8 6v4M8 11.6v.6',
  tick: 'M2.5 8.5 6.5 12.5 13.5 4',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  up: 'M8 13V3.5M3.5 8 8 3.5 12.5 8',
  wait: 'M5.5 3v10M10.5 3v10',
  dots: 'M2.9 8h.2M7.9 8h.2M12.9 8h.2',
  bot: 'M3 5.5h10v8H3zM8 5.5V2.5M6 9v1M10 9v1M1 8.5v2M15 8.5v2',
  person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5a5.5 5.5 0 0 1 11 0',
  note: 'M3 2h10v8l-3.5 4H3zM9.5 14v-4H13M5.5 5h5M5.5 8h3',
  play: 'M4.5 2.5 13 8l-8.5 5.5z',
  clip: 'M5.5 8.5 10 4a2.2 2.2 0 0 1 3.1 3.1l-6 6a3.5 3.5 0 0 1-5-5l6-6',
  pin: 'M8 14.5S3 9.8 3 6.2a5 5 0 0 1 10 0c0 3.6-5 8.3-5 8.3zM8 4.6v3.2M6.4 6.2h3.2',
}

/** A small picture beside words that say the same. */
export const icon = (name) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
