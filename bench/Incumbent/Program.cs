// The console that ipyssl is, with nothing of this project loaded: IronPython's own _ssl answers.
return new SslModule.IronPythonHost.PythonConsole().Run(args);
