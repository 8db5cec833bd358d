// What goes between page and server passes by here, however Gradio asks for it.
const fetched = window.fetch;

window.fetch = async (...request) => {
  const response = await fetched(...request);
  const address = String(request[0].url ?? request[0]);
  if (address.includes("/run/predict")) await noteFailure(response);
  if (address.includes("/queue/join")) await noteJoined(response);
  if (address.includes("/queue/data")) return unbroken(response, request);
  return response;
};
