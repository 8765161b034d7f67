/* global location, parent, window */
// What any page says to the widget before it is there; see docs/channels/web.md.
const tongda = Object.assign((...command) => void tongda.q.push(command), { q: [] })
window.Tongda = tongda

// The chat is all that this page is for.
tongda('open')
// A page of our own that shows this one in a frame (the sandbox) learns whose conversation it is; no other page does.
tongda('on', 'visitor', (contactKey) => {
  if (parent !== window) parent.postMessage({ type: 'tongda:visitor', contactKey }, location.origin)
})
