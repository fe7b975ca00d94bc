// Validate, nbgrader's button, says of any notebook without tests that it "passes all the tests". This
// extension shows the button above assignments alone: notebooks in which nbgrader has marked a cell.
//
// It is what JupyterLab loads as a prebuilt extension (a container with `init` and `get`), written by
// hand: it needs nothing but the application that it is handed, so there is nothing to build.
(() => {
  function isAssignment(model) {
    return Array.from(model.cells).some((cell) => cell.getMetadata("nbgrader"));
  }

  function showOnlyAboveAssignments(panel, context) {
    const update = () => {
      panel.toggleClass("course-no-tests", !isAssignment(context.model));
    };
    panel.addClass("course-no-tests"); // no flicker while the notebook is read
    context.ready.then(() => {
      update();
      context.model.cells.changed.connect(update);
      context.model.metadataChanged.connect(update);
    });
  }

  const plugin = {
    id: "pixels-course:validate-assignments",
    autoStart: true,
    activate: (app) => {
      const style = document.createElement("style");
      style.textContent = ".course-no-tests .validate-button { display: none; }";
      document.head.append(style);
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          showOnlyAboveAssignments(panel, context);
        },
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["pixels-course"] = {
    init: async () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
