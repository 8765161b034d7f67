const { document } = globalThis
const svgNamespace = 'http://www.w3.org/2000/svg'

/** Stroked 24 × 24 paths, drawn for this page. */
const paths = {
  plus: 'M12 5v14M5 12h14',
  send: 'M4 12l16-8-5 16-3.500-6.500z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01',
  receipt: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  voice: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  location:
    'M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 11.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  file: 'M6 3h8l4 4v14H6zM14 3v5h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.500-6 8-6s8 2 8 6',
  leave: 'M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3.500-6 8-6 1.500 0 3 .2 4 .7M16 19h6',
  back: 'M15 5l-7 7 7 7',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v12H9zM5 15H4V3h12v2',
  replay: 'M4 12a8 8 0 1 1 2.500 5.800M4 20v-5h5',
  open: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M19 5l-1.400 1.400M6.400 17.600L5 19',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  bolt: 'M13 2L5 14h6l-1 8 8-12h-6z',
  check: 'M5 13l4 4L19 7',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  chat: 'M4 5h16v12h-8l-5 4v-4H4z',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  layers: 'M12 3l9 5-9 5-9-5zM3 13l9 5 9-5',
  video: 'M3 6h12v12H3zM15 11l6-3v8l-6-3z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  play: 'M7 4l12 8-12 8z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  book: 'M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-1H5zM19 4h-4a2 2 0 0 0-2 2v14a2 2 0 0 1 2-1h4z',
  columns: 'M4 5h16v14H4zM12 5v14',
  key: 'M14.500 14a5 5 0 1 0-4.600-3.100L4 17v3h3l1-1v-2h2v-2h2l1.200-1.100M16 8h.01',
}

/** A decorative icon; the words beside it carry the meaning. */
export const icon = (name) => {
  const svg = document.createElementNS(svgNamespace, 'svg')
  for (const [attribute, value] of Object.entries({
    viewBox: '0 0 24 24',
    'aria-hidden': 'true',
    focusable: 'false',
    class: 'icon',
  })) {
    svg.setAttribute(attribute, value)
  }
  const path = document.createElementNS(svgNamespace, 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
